-- What an address, a number and a time zone look like, said once for every table's checks.

-- Deliberately loose: no blanks, one @, a dotted domain. O'Brien and Jörg are welcome; whether
-- mail arrives is for the service to find out.
create function private.is_email(p_text text) returns boolean
  language sql immutable strict parallel safe
  return p_text ~ '^[^@\s]+@([^@\s.-][^@\s.]*\.)+[^@\s.-][^@\s.]+$';

-- E.164.
create function private.is_phone(p_text text) returns boolean
  language sql immutable strict parallel safe
  return p_text ~ '^\+[1-9][0-9]{6,14}$';

-- PostgreSQL would also take POSIX rules ("FOO5", "Mars/Phobos+3") and abbreviations ("PST"), which
-- no calendar library knows. Names with a slash are never abbreviations, names without a digit
-- never rules.
create function private.is_timezone(p_name text) returns boolean
  language plpgsql immutable strict parallel safe
  set search_path = ''
as $$
begin
  if p_name !~ '^([A-Z][A-Za-z_-]*(/[A-Z][A-Za-z_-]*)+|Etc/GMT[+-]?[0-9]{1,2})$'
    and p_name not in ('UTC', 'GMT', 'CET', 'EET', 'MET', 'WET', 'EST', 'MST', 'HST')
  then
    return false;
  end if;
  perform timezone(p_name, timestamptz 'epoch');
  return true;
exception when invalid_parameter_value then
  return false;
end
$$;

-- The snapshot of a customer inside a booking: one who has no e-mail address has a phone number.
create function private.is_customer_data(p_data jsonb) returns boolean
  language sql immutable parallel safe
  return jsonb_typeof(p_data) = 'object'
    and p_data ?& array['email', 'first_name', 'last_name']
    and jsonb_typeof(p_data -> 'first_name') = 'string'
    and btrim(p_data ->> 'first_name') <> ''
    and jsonb_typeof(p_data -> 'last_name') = 'string'
    and case jsonb_typeof(p_data -> 'email')
      when 'string' then private.is_email(p_data ->> 'email')
      when 'null' then coalesce(private.is_phone(p_data ->> 'phone'), false)
      else false
    end;
