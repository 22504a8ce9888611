-- Accounts, profiles and customers: kept in step whoever changes which of them.

-- The first and last name to begin a profile with; the first is never empty.
create function private.names_at_sign_up(
  p_metadata jsonb, p_email text, out first_name text, out last_name text
)
  language plpgsql immutable set search_path = ''
as $$
declare
  v_full_name text;
begin
  first_name := btrim(coalesce(p_metadata ->> 'first_name', ''), E' \t\r\n');
  last_name := btrim(coalesce(p_metadata ->> 'last_name', ''), E' \t\r\n');
  if first_name = '' and last_name = '' then
    v_full_name := btrim(coalesce(p_metadata ->> 'full_name', ''), E' \t\r\n');
    first_name := split_part(v_full_name, ' ', 1);
    last_name := btrim(substr(v_full_name, length(first_name) + 2));
  end if;
  if first_name = '' and last_name = '' then
    first_name := coalesce(nullif(btrim(split_part(p_email, '@', 1)), ''), 'Guest');
  end if;
  first_name := left(first_name, 100);
  last_name := left(last_name, 100);
end
$$;

create function public.handle_new_user() returns trigger
  language plpgsql security definer set search_path = ''
as $$
declare
  v_names record := private.names_at_sign_up(new.raw_user_meta_data, new.email);
begin
  insert into public.profiles (id, first_name, last_name, company)
  values (
    new.id,
    v_names.first_name,
    v_names.last_name,
    left(coalesce(new.raw_user_meta_data ->> 'company', ''), 255)
  )
  on conflict (id) do nothing;
  return new;
exception when others then
  -- Nobody is turned away at the door because of a profile.
  raise warning 'no profile for user %: %', new.id, sqlstate;
  return new;
end
$$;

create function public.update_user_profile(
  user_id uuid,
  first_name_param text default null,
  last_name_param text default null,
  phone_param text default null,
  company_param text default null,
  timezone_param text default null,
  preferred_contact_method_param public.contact_method default null,
  marketing_consent_param boolean default null
) returns json
  language plpgsql security definer set search_path = ''
as $$
declare
  v_is_service boolean := private.is_service();
  v_user auth.users;
  v_names record;
begin
  if user_id is null then
    return json_build_object('success', false, 'error', 'User ID is required');
  end if;
  if user_id is distinct from auth.uid() and not v_is_service then
    return json_build_object(
      'success', false, 'error', 'Not allowed to change this profile', 'error_code', '42501'
    );
  end if;

  update auth.users u
  set
    raw_user_meta_data = coalesce(u.raw_user_meta_data, '{}'::jsonb) || jsonb_strip_nulls(
      jsonb_build_object(
        'first_name', first_name_param, 'last_name', last_name_param, 'company', company_param
      )
    ),
    updated_at = now()
  where u.id = user_id
  returning u.* into v_user;
  if not found then
    return json_build_object('success', false, 'error', 'User not found in auth.users');
  end if;

  -- One-time codes go to the phone of an account: a person changes it through sign-in, where the
  -- new number is proved. One that the service writes has to be proved again.
  if v_is_service and phone_param is distinct from v_user.phone and phone_param is not null then
    update auth.users u
    set phone = phone_param, phone_confirmed_at = null
    where u.id = user_id;
  end if;

  update public.profiles p
  set
    first_name = coalesce(first_name_param, p.first_name),
    last_name = coalesce(last_name_param, p.last_name),
    company = coalesce(company_param, p.company),
    timezone = coalesce(timezone_param, p.timezone),
    preferred_contact_method = coalesce(preferred_contact_method_param, p.preferred_contact_method),
    marketing_consent = coalesce(marketing_consent_param, p.marketing_consent)
  where p.id = user_id;
  if not found then
    v_names := private.names_at_sign_up(v_user.raw_user_meta_data, v_user.email);
    insert into public.profiles (
      id, first_name, last_name, company, timezone, preferred_contact_method, marketing_consent
    )
    values (
      user_id,
      v_names.first_name,
      v_names.last_name,
      coalesce(v_user.raw_user_meta_data ->> 'company', ''),
      coalesce(timezone_param, 'UTC'),
      coalesce(preferred_contact_method_param, 'email'),
      coalesce(marketing_consent_param, false)
    );
  end if;

  return json_build_object('success', true, 'user_id', user_id, 'updated_at', now());
exception when others then
  -- The text of an error may quote somebody's data: the code is enough for the website.
  raise log 'profile of user % not updated: %', user_id, sqlstate;
  return json_build_object(
    'success', false, 'error', 'The profile could not be updated', 'error_code', sqlstate
  );
end
$$;

create function public.get_user_profile(user_id uuid) returns json
  language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user auth.users;
  v_profile public.profiles;
  v_profile_data json;
begin
  -- Somebody else's account and none at all are answered alike.
  select u.* into v_user from auth.users u
  where u.id = user_id and private.may_see_user(user_id);
  if not found then
    return json_build_object('success', false, 'error', 'User not found');
  end if;

  select p.* into v_profile from public.profiles p where p.id = user_id;
  if found then
    v_profile_data := json_build_object(
      'first_name', v_profile.first_name,
      'last_name', v_profile.last_name,
      'company', v_profile.company,
      'role', v_profile.role,
      'is_staff', v_profile.is_staff,
      'timezone', v_profile.timezone,
      'preferred_contact_method', v_profile.preferred_contact_method,
      'marketing_consent', v_profile.marketing_consent,
      'created_at', v_profile.created_at,
      'updated_at', v_profile.updated_at
    );
  end if;

  return json_build_object(
    'success', true,
    'user_id', user_id,
    'auth_data', json_build_object(
      'email', v_user.email,
      'phone', v_user.phone,
      'metadata', v_user.raw_user_meta_data,
      'created_at', v_user.created_at,
      'updated_at', v_user.updated_at
    ),
    'profile_data', v_profile_data
  );
end
$$;

-- Policies and screens look at is_staff, people set the role: neither may say what the other does
-- not.
create function private.sync_role() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  if (tg_op = 'INSERT' and new.role <> 'customer')
    or (tg_op = 'UPDATE' and new.role <> old.role)
  then
    new.is_staff := new.role <> 'customer';
  elsif new.is_staff and new.role = 'customer' then
    new.role := 'consultant';
  elsif not new.is_staff then
    new.role := 'customer';
  end if;
  return new;
end
$$;

-- Two records of one person become one; what is more careful or more certain wins.
create function private.merge_customers(p_from uuid, p_into uuid) returns void
  language plpgsql security definer set search_path = ''
as $$
begin
  perform from public.customer_metrics c where c.id in (p_from, p_into) order by c.id for update;
  update public.bookings set customer_metrics_id = p_into where customer_metrics_id = p_from;
  update public.customer_interactions
    set customer_metrics_id = p_into where customer_metrics_id = p_from;
  update public.projects set customer_metrics_id = p_into where customer_metrics_id = p_from;
  update public.voice_consultations
    set customer_metrics_id = p_into where customer_metrics_id = p_from;
  update public.customer_metrics c
  set
    email = coalesce(c.email, f.email),
    phone = coalesce(c.phone, f.phone),
    lead_quality = case
      when f.lead_quality = 'churned' then c.lead_quality
      else greatest(c.lead_quality, f.lead_quality)
    end,
    status = case when c.status = 'prospect' then f.status else c.status end,
    last_interaction_date = greatest(c.last_interaction_date, f.last_interaction_date),
    do_not_contact_at = least(c.do_not_contact_at, f.do_not_contact_at)
  from public.customer_metrics f
  where c.id = p_into and f.id = p_from;
  delete from public.customer_metrics where id = p_from;
end
$$;

-- Who booked as a guest and opens an account later keeps the history, once the address is proved
-- theirs.
create function private.adopt_customer() returns trigger
  language plpgsql security definer set search_path = ''
as $$
declare
  v_own uuid;
  v_guest uuid;
begin
  if new.email_confirmed_at is null or not private.is_email(new.email) then
    return new;
  end if;
  select c.id into v_own from public.customer_metrics c where c.user_id = new.id;
  select c.id into v_guest from public.customer_metrics c
  where c.user_id is null and lower(c.email) = lower(new.email);
  if v_own is null then
    update public.customer_metrics set user_id = new.id where id = v_guest;
  else
    if v_guest is not null then
      perform private.merge_customers(v_guest, v_own);
    end if;
    update public.customer_metrics set email = new.email
    where id = v_own and email is distinct from new.email;
  end if;
  return new;
exception when others then
  -- Confirming an address must not fail for the sake of our bookkeeping.
  raise warning 'customer of user % not linked: %', new.id, sqlstate;
  return new;
end
$$;

-- When an account goes, its customer stays as a guest: one who can still be told from the others,
-- and not the second with the same address. Otherwise nobody with such a record could ever be
-- deleted.
create function private.keep_customer_of_deleted_user() returns trigger
  language plpgsql security definer set search_path = ''
as $$
declare
  v_own record;
  v_guest uuid;
begin
  select c.id, c.email, c.phone into v_own from public.customer_metrics c where c.user_id = old.id;
  if not found then
    return old;
  end if;
  if v_own.email is null and v_own.phone is null then
    v_own.email := case
      when private.is_email(old.email) then old.email
      else 'deleted-' || v_own.id || '@account.invalid'
    end;
    update public.customer_metrics set email = v_own.email where id = v_own.id;
  end if;
  select c.id into v_guest from public.customer_metrics c
  where c.user_id is null and lower(c.email) = lower(v_own.email);
  if found then
    perform private.merge_customers(v_guest, v_own.id);
  end if;
  return old;
end
$$;
