-- Why a booking was cancelled and by whom: staff and customer want to read it afterwards.

alter table public.bookings
  add column cancelled_by text,
  add column cancellation_reason text,
  add constraint chk_bookings_cancelled_by check (cancelled_by in ('customer', 'staff', 'system'));
