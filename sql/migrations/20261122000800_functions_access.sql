-- Who is asking, answered where the API cannot reach, so that policies need not read tables.

-- Inside a SECURITY DEFINER function current_user is its owner, and a session that did SET ROLE
-- keeps its session_user: what the caller may do is told by the role setting. Claims are not asked:
-- whoever can run SQL can write them.
create function private.is_service() returns boolean
  language sql stable security definer set search_path = ''
as $$
  select pg_has_role(r.name, 'service_role', 'usage') or pg_has_role(r.name, current_user, 'usage')
  from (
    select coalesce(nullif(current_setting('role', true), 'none'), session_user)::name as name
  ) r
$$;

create function private.is_staff() returns boolean
  language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.profiles p where p.id = (select auth.uid()) and p.is_staff
  )
$$;

create function private.is_admin() returns boolean
  language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.profiles p where p.id = (select auth.uid()) and p.role = 'admin'
  )
$$;

-- Those who see all customers: staff, and the service.
create function private.is_team() returns boolean
  language sql stable security definer set search_path = ''
as $$
  select private.is_service() or private.is_staff()
$$;

create function private.may_see_user(p_user_id uuid) returns boolean
  language sql stable security definer set search_path = ''
as $$
  select p_user_id = (select auth.uid()) or private.is_team()
$$;

-- In lower case, and only once confirmed: anybody can sign up with somebody else's address.
create function private.my_email() returns text
  language sql stable security definer set search_path = ''
as $$
  select lower(u.email)
  from auth.users u
  where u.id = (select auth.uid()) and u.email_confirmed_at is not null
$$;

-- The account behind a confirmed address; the service itself may not read auth.users on Supabase.
-- Accounts of single sign-on are left out: their addresses need not be unique.
create function private.find_account(p_email text) returns uuid
  language sql stable security definer set search_path = ''
as $$
  select u.id
  from auth.users u
  where u.email in (p_email, lower(p_email))
    and u.is_sso_user = false
    and u.email_confirmed_at is not null
  limit 1
$$;

create function public.get_user_email(user_id uuid) returns text
  language sql stable security definer set search_path = ''
as $$
  select u.email::text from auth.users u where u.id = $1 and private.may_see_user($1)
$$;

create function public.get_user_phone(user_id uuid) returns text
  language sql stable security definer set search_path = ''
as $$
  select u.phone from auth.users u where u.id = $1 and private.may_see_user($1)
$$;

create function public.get_customer_email(customer_user_id uuid, fallback_email text) returns text
  language sql stable security definer set search_path = ''
as $$
  select coalesce(nullif(public.get_user_email(customer_user_id), ''), fallback_email)
$$;

-- A profile that was renamed since sign-up counts before what the sign-up form said.
create function public.get_customer_data(customer_user_id uuid, fallback_email text) returns jsonb
  language sql stable security definer set search_path = ''
as $$
  select coalesce(
    (
      select jsonb_build_object(
        'email', coalesce(nullif(u.email, ''), fallback_email),
        'phone', u.phone,
        'first_name', coalesce(p.first_name, u.raw_user_meta_data ->> 'first_name'),
        'last_name', coalesce(p.last_name, u.raw_user_meta_data ->> 'last_name'),
        'company', coalesce(p.company, u.raw_user_meta_data ->> 'company')
      )
      from auth.users u
      left join public.profiles p on p.id = u.id
      where u.id = customer_user_id and private.may_see_user(customer_user_id)
    ),
    jsonb_build_object('email', fallback_email)
  )
$$;
