-- Who changed what, for every table that matters, without secrets and without what callers said.

-- Headers come from outside: whatever is in them, the write they came with must not fail.
create function private.request_header(p_name text) returns text
  language plpgsql stable set search_path = ''
as $$
begin
  return nullif(current_setting('request.headers', true), '')::json ->> p_name;
exception when others then
  return null;
end
$$;

create function private.client_address() returns inet
  language plpgsql stable set search_path = ''
as $$
begin
  return btrim(split_part(private.request_header('x-forwarded-for'), ',', 1))::inet;
exception when others then
  return null;
end
$$;

-- Null for a token whose subject has no account (any more), or is not the id of one.
create function private.acting_user() returns uuid
  language plpgsql stable security definer set search_path = ''
as $$
begin
  return (select u.id from auth.users u where u.id = (select auth.uid()));
exception when others then
  return null;
end
$$;

create function private.audited(p_table text, p_row jsonb) returns jsonb
  language sql immutable set search_path = ''
as $$
  select case p_table
    when 'bookings' then p_row - 'meeting_password'
    when 'voice_consultations' then (
      select jsonb_object_agg(e.key, e.value)
      from jsonb_each(p_row) e
      where e.key in (
        'status', 'lead_verdict', 'lead_qualified', 'assigned_to', 'closed_at',
        'follow_up_booking_id'
      )
    )
    else p_row
  end
$$;

create function public.audit_trigger_function() returns trigger
  language plpgsql security definer set search_path = ''
as $$
declare
  v_old jsonb;
  v_new jsonb;
  v_id uuid;
begin
  if tg_op <> 'INSERT' then
    v_old := private.audited(tg_table_name, to_jsonb(old));
    v_id := old.id;
  end if;
  if tg_op <> 'DELETE' then
    v_new := private.audited(tg_table_name, to_jsonb(new));
    v_id := new.id;
  end if;
  -- Live turns touch a consultation many times a minute without changing anything that is audited.
  if tg_op = 'UPDATE' and v_old - 'updated_at' = v_new - 'updated_at' then
    return null;
  end if;
  insert into public.audit_log (
    table_name, record_id, operation, old_values, new_values, changed_by, ip_address, user_agent
  )
  values (
    tg_table_name, v_id, tg_op::public.audit_operation, v_old, v_new,
    private.acting_user(), private.client_address(), private.request_header('user-agent')
  );
  return null;
end
$$;
