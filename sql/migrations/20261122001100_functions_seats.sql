-- No double booking: locks, daily limits and seats, for bookings and holds whoever writes them.

-- The date at the consultant's, by which a daily limit counts; without a consultant the UTC date.
create function private.local_date(p_consultant_id uuid, p_at timestamptz) returns date
  language sql stable security definer set search_path = ''
as $$
  select (
    p_at at time zone coalesce(
      (select p.timezone from public.profiles p where p.id = p_consultant_id), 'UTC'
    )
  )::date
$$;

-- Everybody who wants a slot queues here before looking whether it is free; a plain insert under
-- the exclusion constraint would deadlock in a race. Always in the same order: the day of the
-- service where it has a limit, then the days of the consultant that the slot with its buffers
-- touches, ascending.
create function private.lock_slot(
  p_service_id uuid, p_consultant_id uuid, p_starts_at timestamptz, p_ends_at timestamptz
) returns void
  language plpgsql security definer set search_path = ''
as $$
declare
  v_service record;
  v_day date;
  v_last_day date;
begin
  -- One lock a day: infinity would take all there are, and never end.
  if not (isfinite(p_starts_at) and isfinite(p_ends_at))
    or p_ends_at - p_starts_at > interval '31 days'
  then
    raise check_violation using
      message = 'a slot begins and ends, at most 31 days apart',
      constraint = 'chk_slot_is_bounded';
  end if;

  select s.max_daily_bookings, s.buffer_before_minutes, s.buffer_after_minutes into v_service
  from public.services s where s.id = p_service_id;

  if v_service.max_daily_bookings is not null then
    perform pg_advisory_xact_lock(hashtextextended(
      'service ' || p_service_id || ' ' || private.local_date(p_consultant_id, p_starts_at), 0
    ));
  end if;

  if p_consultant_id is not null then
    v_day := (
      (p_starts_at - make_interval(mins => v_service.buffer_before_minutes)) at time zone 'UTC'
    )::date;
    v_last_day := (
      (p_ends_at + make_interval(mins => v_service.buffer_after_minutes) - interval '1 microsecond')
      at time zone 'UTC'
    )::date;
    while v_day <= v_last_day loop
      perform pg_advisory_xact_lock(
        hashtextextended('consultant ' || p_consultant_id || ' ' || v_day, 0)
      );
      v_day := v_day + 1;
    end loop;
  end if;
end
$$;

-- A day of a service is used up by what is booked, was held, or is kept for another caller. A
-- booking that was cancelled, replaced or not shown up for gives its place back.
create function private.check_daily_limit(
  p_service_id uuid, p_consultant_id uuid, p_starts_at timestamptz,
  p_booking_id uuid, p_conversation_id text
) returns void
  language plpgsql security definer set search_path = ''
as $$
declare
  v_limit smallint;
  v_day date;
  v_from timestamptz;
  v_to timestamptz;
  v_taken bigint;
begin
  select s.max_daily_bookings into v_limit from public.services s where s.id = p_service_id;
  if v_limit is null then
    return;
  end if;
  v_day := private.local_date(p_consultant_id, p_starts_at);
  -- Wide enough for a local day anywhere on earth; the exact date is asked row by row.
  v_from := v_day::timestamp at time zone 'UTC' - interval '15 hours';
  v_to := v_day::timestamp at time zone 'UTC' + interval '37 hours';
  select
    (
      select count(*) from public.bookings b
      where b.service_id = p_service_id
        and b.scheduled_datetime between v_from and v_to
        and b.status in ('pending', 'confirmed', 'in_progress', 'completed')
        and b.id is distinct from p_booking_id
        and private.local_date(b.consultant_id, b.scheduled_datetime) = v_day
    ) + (
      select count(*) from public.slot_holds h
      where h.service_id = p_service_id
        and h.starts_at between v_from and v_to
        and h.expires_at > now()
        and h.conversation_id is distinct from p_conversation_id
        and private.local_date(h.consultant_id, h.starts_at) = v_day
    )
  into v_taken;
  if v_taken >= v_limit then
    raise exclusion_violation using
      message = 'the service takes no more bookings on this day',
      constraint = 'bookings_daily_limit';
  end if;
end
$$;

-- The lowest seat that neither a live booking nor another conversation's live hold sits on.
create function private.take_seat(
  p_service_id uuid, p_consultant_id uuid, p_starts_at timestamptz, p_ends_at timestamptz,
  p_booking_id uuid, p_conversation_id text
) returns smallint
  language plpgsql security definer set search_path = ''
as $$
declare
  v_seats smallint;
  v_seat smallint;
  v_busy record;
begin
  perform private.lock_slot(p_service_id, p_consultant_id, p_starts_at, p_ends_at);
  perform private.check_daily_limit(
    p_service_id, p_consultant_id, p_starts_at, p_booking_id, p_conversation_id
  );
  if p_consultant_id is null then
    return null;
  end if;

  select array_agg(t.seat) as seats, bool_or(t.service_id <> p_service_id) as other_service
  into v_busy
  from (
    select b.seat, b.service_id from public.bookings b
    where b.consultant_id = p_consultant_id
      and b.status in ('pending', 'confirmed', 'in_progress')
      and b.scheduled_datetime is not null
      and b.id is distinct from p_booking_id
      and tstzrange(b.scheduled_datetime, b.scheduled_end) && tstzrange(p_starts_at, p_ends_at)
    union all
    select h.seat, h.service_id from public.slot_holds h
    where h.consultant_id = p_consultant_id
      and h.expires_at > now()
      and h.conversation_id is distinct from p_conversation_id
      and tstzrange(h.starts_at, h.ends_at) && tstzrange(p_starts_at, p_ends_at)
  ) t;

  if v_busy.other_service then
    raise exclusion_violation using
      message = 'the consultant gives another service at this time',
      constraint = 'bookings_one_service_at_a_time';
  end if;

  select coalesce(s.max_concurrent_bookings, 1) into v_seats
  from public.services s where s.id = p_service_id;
  select min(n) into v_seat
  from generate_series(1, v_seats) n
  where n <> all (coalesce(v_busy.seats, '{}'));
  if v_seat is null then
    raise exclusion_violation using
      message = 'the consultant is taken at this time',
      constraint = 'bookings_no_double_booking';
  end if;
  return v_seat;
end
$$;

create function private.seat_booking() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE'
    and (new.consultant_id, new.service_id, new.scheduled_datetime, new.scheduled_end)
      is not distinct from
      (old.consultant_id, old.service_id, old.scheduled_datetime, old.scheduled_end)
    and (
      new.status not in ('pending', 'confirmed', 'in_progress')
      or old.status in ('pending', 'confirmed', 'in_progress')
    )
  then
    new.seat := old.seat;
  elsif new.status in ('pending', 'confirmed', 'in_progress')
    and new.scheduled_datetime is not null
  then
    new.seat := private.take_seat(
      new.service_id, new.consultant_id, new.scheduled_datetime, new.scheduled_end, new.id, null
    );
  else
    new.seat := null;
  end if;
  return new;
end
$$;

create function private.seat_hold() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE'
    and (new.conversation_id, new.consultant_id, new.service_id, new.starts_at, new.ends_at)
      is not distinct from
      (old.conversation_id, old.consultant_id, old.service_id, old.starts_at, old.ends_at)
    and (new.expires_at <= now() or old.expires_at > now())
  then
    new.seat := old.seat;
  elsif new.expires_at > now() then
    new.seat := private.take_seat(
      new.service_id, new.consultant_id, new.starts_at, new.ends_at, null, new.conversation_id
    );
  else
    new.seat := null;
  end if;
  return new;
end
$$;
