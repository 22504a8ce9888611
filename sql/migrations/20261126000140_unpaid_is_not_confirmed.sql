-- A service that confirms by itself and costs money confirmed bookings that nobody had paid for.

-- Runs before the other triggers of bookings, which work with what it fills in.
create or replace function private.prepare_booking() returns trigger
  language plpgsql security definer set search_path = ''
as $$
declare
  v_service public.services;
begin
  if tg_op = 'INSERT' or new.service_id <> old.service_id or new.status <> old.status
    or (new.scheduled_datetime is null) <> (old.scheduled_datetime is null)
  then
    select s.* into v_service from public.services s where s.id = new.service_id;
  end if;

  if tg_op = 'INSERT' then
    new.duration_minutes := coalesce(new.duration_minutes, v_service.duration_minutes);
    new.currency := coalesce(new.currency, v_service.currency);
    if coalesce(new.lead_score, 0) = 0 then
      new.lead_score := public.calculate_lead_score(
        v_service.price, new.customer_data ->> 'company_size', new.project_description
      );
    end if;
    if new.status = 'pending' and v_service.auto_confirm and new.scheduled_datetime is not null
      and (not v_service.requires_payment or new.payment_status in ('paid', 'waived'))
    then
      new.status := 'confirmed';
    end if;
  elsif new.service_id <> old.service_id
    and new.duration_minutes is not distinct from old.duration_minutes
  then
    new.duration_minutes := v_service.duration_minutes;
  end if;

  -- The instant is the truth. A new row that gives only a date or only a time is left as it is, for
  -- the check of the three columns to refuse: dropping a date in silence would be worse.
  if new.scheduled_datetime is not null
    or (tg_op = 'UPDATE' and old.scheduled_datetime is not null)
  then
    new.scheduled_date := (new.scheduled_datetime at time zone new.timezone)::date;
    new.scheduled_time := (new.scheduled_datetime at time zone new.timezone)::time;
  end if;
  new.scheduled_end := new.scheduled_datetime + make_interval(mins => new.duration_minutes);

  if new.status in ('confirmed', 'in_progress')
    and new.scheduled_datetime is null
    and v_service.booking_type = 'scheduled'
  then
    raise check_violation using
      message = 'a scheduled service is confirmed with its time, not before',
      constraint = 'chk_bookings_confirmed_has_time';
  end if;

  case new.status
    when 'confirmed' then new.confirmed_at := coalesce(new.confirmed_at, now());
    when 'completed' then new.completed_at := coalesce(new.completed_at, now());
    when 'cancelled' then new.cancelled_at := coalesce(new.cancelled_at, now());
    else null;
  end case;

  if new.consultant_id is not null
    and (tg_op = 'INSERT' or new.consultant_id is distinct from old.consultant_id)
    and not exists (select from public.profiles p where p.id = new.consultant_id and p.is_staff)
  then
    raise check_violation using
      message = 'a consultant is a member of the staff',
      constraint = 'chk_bookings_consultant_is_staff';
  end if;
  return new;
end
$$;
