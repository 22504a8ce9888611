-- Supabase brings roles, sign-in and auth.users; a plain PostgreSQL gets the same names here.

create schema if not exists private;
create schema if not exists extensions;

-- The exclusion constraints on bookings compare a uuid inside a GiST index.
create extension if not exists btree_gist with schema extensions;

do $platform$
declare
  v_role text;
begin
  if to_regclass('auth.users') is not null then
    return;  -- Supabase: all of it is there and belongs to somebody else
  end if;

  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
      begin
        execute format('create role %I nologin', v_role);
        if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
          execute format('grant %I to %I', v_role, current_user);
        end if;
      exception when duplicate_object or unique_violation then
        null;  -- roles belong to the whole cluster: another of its databases was faster
      end;
    end if;
  end loop;

  create schema if not exists auth;
  grant usage on schema auth to anon, authenticated, service_role;

  create table auth.users (
    instance_id uuid,
    id uuid not null,
    aud character varying(255),
    role character varying(255),
    email character varying(255),
    encrypted_password character varying(255),
    email_confirmed_at timestamptz,
    invited_at timestamptz,
    confirmation_token character varying(255),
    confirmation_sent_at timestamptz,
    recovery_token character varying(255),
    recovery_sent_at timestamptz,
    email_change_token_new character varying(255),
    email_change character varying(255),
    email_change_sent_at timestamptz,
    last_sign_in_at timestamptz,
    raw_app_meta_data jsonb,
    raw_user_meta_data jsonb,
    is_super_admin boolean,
    created_at timestamptz,
    updated_at timestamptz,
    phone text default null::character varying unique,
    phone_confirmed_at timestamptz,
    phone_change text default ''::character varying,
    phone_change_token character varying(255) default ''::character varying,
    phone_change_sent_at timestamptz,
    confirmed_at timestamptz
      generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
    email_change_token_current character varying(255) default ''::character varying,
    email_change_confirm_status smallint default 0
      check (email_change_confirm_status >= 0 and email_change_confirm_status <= 2),
    banned_until timestamptz,
    reauthentication_token character varying(255) default ''::character varying,
    reauthentication_sent_at timestamptz,
    is_sso_user boolean not null default false,
    deleted_at timestamptz,
    is_anonymous boolean not null default false,
    constraint users_pkey primary key (id)
  );
  create unique index users_email_partial_key on auth.users (email) where is_sso_user = false;

  -- Here the service itself stands in for Supabase Auth: it makes the staff's accounts.
  grant select, insert, update, delete on auth.users to service_role;

  create function auth.jwt() returns jsonb language sql stable as $body$
    select coalesce(
      nullif(current_setting('request.jwt.claim', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')
    )::jsonb
  $body$;

  create function auth.uid() returns uuid language sql stable as $body$
    select coalesce(
      nullif(current_setting('request.jwt.claim.sub', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
    )::uuid
  $body$;

  create function auth.role() returns text language sql stable as $body$
    select coalesce(
      nullif(current_setting('request.jwt.claim.role', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
    )
  $body$;
  revoke execute on function auth.jwt(), auth.uid(), auth.role() from public;
  grant execute on function auth.jwt(), auth.uid(), auth.role()
    to anon, authenticated, service_role;
end
$platform$;
