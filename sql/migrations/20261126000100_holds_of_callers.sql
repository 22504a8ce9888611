-- Who a time is kept for, so that one caller cannot keep the whole calendar.

-- A phone number, an e-mail address or the hash of an address on the internet: whatever tells one
-- caller from another. Null where nothing does.
alter table public.slot_holds
  add column caller text,
  add constraint chk_slot_holds_caller_length check (length(caller) between 1 and 320);

create index idx_slot_holds_caller on public.slot_holds (caller) where caller is not null;
