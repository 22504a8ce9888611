-- What a booking gets by itself: reference, times, money, dates; and what it does to its customer.

create function public.generate_booking_reference() returns varchar(20)
  language sql volatile security definer set search_path = ''
as $$
  -- lpad also cuts: a number longer than four digits keeps its own length.
  select 'INT-' || to_char(now() at time zone 'UTC', 'YYYYMMDD') || '-'
    || lpad(n.text, greatest(4, length(n.text)), '0')
  from (select nextval('public.booking_ref_seq')::text as text) n
$$;

create function public.set_booking_reference() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  if btrim(coalesce(new.booking_reference, '')) = '' then
    new.booking_reference := public.generate_booking_reference();
  end if;
  return new;
end
$$;

create function public.set_smart_payment_status() returns trigger
  language plpgsql security definer set search_path = ''
as $$
declare
  v_service record;
begin
  select s.requires_payment, s.price into v_service
  from public.services s where s.id = new.service_id;
  if v_service.requires_payment then
    new.payment_amount := coalesce(new.payment_amount, v_service.price);
  elsif found then
    new.payment_status := 'waived';
  end if;
  return new;
end
$$;

create function public.calculate_lead_score(
  service_price decimal, company_size text, project_description text
) returns smallint
  language sql immutable parallel safe set search_path = ''
as $$
  select case
    when service_price > 0 then 70
    when length(project_description) > 100 then 50
    else 30
  end::smallint
$$;

-- Runs before the other triggers of bookings, which work with what it fills in.
create function private.prepare_booking() returns trigger
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
    if new.status = 'pending' and v_service.auto_confirm and new.scheduled_datetime is not null then
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

-- Counted anew each time, never added to: whatever happened to the bookings, the sums are right. A
-- cancelled or replaced booking is none; money counts when the work is done and the money has come.
create function private.recount_customer(p_customer_id uuid) returns void
  language plpgsql security definer set search_path = ''
as $$
begin
  -- The lock comes in a statement of its own, so that the count after it sees what others have
  -- committed.
  perform from public.customer_metrics c where c.id = p_customer_id for no key update;
  update public.customer_metrics c
  set
    total_bookings = n.total_bookings,
    total_revenue = n.total_revenue,
    first_booking_date = n.first_booking_date,
    last_booking_date = n.last_booking_date,
    last_interaction_date = greatest(c.last_interaction_date, n.last_interaction_date)
  from (
    select
      count(*) filter (where counts) as total_bookings,
      coalesce(sum(b.payment_amount) filter (
        where b.status = 'completed' and b.payment_status = 'paid'
      ), 0) as total_revenue,
      min(b.created_at) filter (where counts) as first_booking_date,
      max(b.created_at) filter (where counts) as last_booking_date,
      max(greatest(b.created_at, b.completed_at)) as last_interaction_date
    from public.bookings b
    cross join lateral (select b.status not in ('cancelled', 'rescheduled') as counts) k
    where b.customer_metrics_id = p_customer_id
  ) n
  where c.id = p_customer_id
    and (
      c.total_bookings, c.total_revenue, c.first_booking_date, c.last_booking_date,
      c.last_interaction_date
    ) is distinct from (
      n.total_bookings, n.total_revenue, n.first_booking_date, n.last_booking_date,
      greatest(c.last_interaction_date, n.last_interaction_date)
    );
end
$$;

create function public.update_customer_stats() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    perform private.recount_customer(new.customer_metrics_id);
  elsif tg_op = 'DELETE' then
    perform private.recount_customer(old.customer_metrics_id);
  elsif new.customer_metrics_id <> old.customer_metrics_id then
    -- In the order of the ids, so that two such changes at once do not wait for each other.
    perform private.recount_customer(least(old.customer_metrics_id, new.customer_metrics_id));
    perform private.recount_customer(greatest(old.customer_metrics_id, new.customer_metrics_id));
    update public.follow_ups set customer_metrics_id = new.customer_metrics_id
    where booking_id = new.id;
  elsif (new.status, new.payment_status, new.payment_amount, new.created_at, new.completed_at)
    is distinct from
    (old.status, old.payment_status, old.payment_amount, old.created_at, old.completed_at)
  then
    perform private.recount_customer(new.customer_metrics_id);
  end if;
  return null;
end
$$;

-- Runs before the counters are written, so that a promotion costs no second row. Only ever upwards.
create function public.auto_promote_lead_quality() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  if new.lead_quality = 'churned' or new.total_bookings = 0 then
    return new;
  end if;
  new.lead_quality := greatest(
    new.lead_quality,
    case
      when new.total_bookings >= 3 and new.total_revenue > 300 then 'converted'
      when new.total_bookings >= 2 and new.total_revenue > 150 then 'hot'
      else 'qualified'
    end::public.lead_quality_enum
  );
  if new.status = 'prospect' then
    new.status := 'active';
  end if;
  return new;
end
$$;

create function private.complete_follow_up() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  select b.customer_metrics_id into new.customer_metrics_id
  from public.bookings b where b.id = new.booking_id;
  if new.status = 'completed' then
    new.completed_date := coalesce(new.completed_date, now());
  end if;
  return new;
end
$$;

-- The website knows lead_qualified alone, the service the verdict in three values.
create function private.sync_verdict() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  if tg_op = 'INSERT' and new.lead_qualified and new.lead_verdict = 'unknown' then
    new.lead_verdict := 'qualified';
  elsif tg_op = 'UPDATE' and new.lead_verdict = old.lead_verdict
    and new.lead_qualified <> old.lead_qualified
  then
    new.lead_verdict := case when new.lead_qualified then 'qualified' else 'unqualified' end;
  end if;
  new.lead_qualified := new.lead_verdict = 'qualified';
  return new;
end
$$;
