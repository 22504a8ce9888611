-- Time off over several dates is one closed override a date; what was entered as a whole can be
-- listed and taken back as a whole.

alter table public.availability_overrides add column time_off_id uuid;
alter table public.availability_overrides add constraint chk_availability_overrides_time_off_closes
  check (time_off_id is null or (not is_available and start_time is null));

create index idx_availability_overrides_time_off
  on public.availability_overrides (time_off_id) where time_off_id is not null;
