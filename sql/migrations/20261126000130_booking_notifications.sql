-- Whoever listens learns at once that a booking has a new status, whatever door the change came through.

-- The id and the status alone: everybody who may connect to the database may listen.
create function private.notify_booking() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  if tg_op = 'INSERT' or new.status <> old.status then
    perform pg_catalog.pg_notify(
      'bookings', pg_catalog.json_build_object('id', new.id, 'status', new.status)::text
    );
  end if;
  return null;
end
$$;
revoke all on function private.notify_booking() from public;

create trigger tr_bookings_notify
  after insert or update on public.bookings
  for each row execute function private.notify_booking();
