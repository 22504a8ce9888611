-- Free slots are searched by consultant and time: live bookings are found by an index alone.

-- A booking that began earlier may still be running. Almost all last a day at most, so that looking
-- one day back finds them; the few longer ones have an index of their own.
create index idx_bookings_live_short
  on public.bookings (consultant_id, scheduled_datetime)
  include (scheduled_end, service_id, seat, id)
  where status in ('pending', 'confirmed', 'in_progress') and duration_minutes <= 1440;
create index idx_bookings_live_long
  on public.bookings (consultant_id, scheduled_end)
  where status in ('pending', 'confirmed', 'in_progress') and duration_minutes > 1440;

create index idx_profiles_staff on public.profiles (id) where is_staff;
