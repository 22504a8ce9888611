-- A small business to try things on: three consultants in three zones. Loading it again changes nothing.

-- Nobody signs in as one of them: they have no password. The tokens are empty rather than null since
-- Supabase Auth cannot read a row where they are null.
insert into auth.users (
  id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
  confirmation_token, recovery_token, email_change, email_change_token_new, created_at, updated_at
)
select
  c.id, 'authenticated', 'authenticated', c.email, now(), '{}'::jsonb,
  jsonb_build_object('first_name', c.first_name, 'last_name', c.last_name), '', '', '', '', now(),
  now()
from (
  values
  (
    '5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101'::uuid,
    'eleanor.whitcombe@example.com', 'Eleanor', 'Whitcombe'
  ),
  (
    '5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1102'::uuid,
    'marcus.okafor@example.com', 'Marcus', 'Okafor'
  ),
  (
    '5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1103'::uuid,
    'leela.raman@example.com', 'Leela', 'Raman'
  )
) as c (id, email, first_name, last_name)
on conflict (id) do nothing;

-- Signing up made them customers with a profile; what somebody changed since is left alone.
update public.profiles p
set role = 'consultant', is_staff = true, timezone = c.timezone, bio = c.bio
from (
  values
  (
    '5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101'::uuid, 'Europe/London',
    'Moves systems that nobody dares to touch any more, one piece at a time.'
  ),
  (
    '5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1102'::uuid, 'America/New_York',
    'Builds web and mobile products with small teams, from the first sketch to the launch.'
  ),
  (
    '5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1103'::uuid, 'Asia/Kolkata',
    'Connects systems and makes sense of the data in them.'
  )
) as c (id, timezone, bio)
where p.id = c.id and p.role = 'customer';

-- Somebody works on each day of the week; 0 is Sunday. Times are the consultant's own.
insert into public.availability_templates (consultant_id, day_of_week, start_time, end_time)
select h.consultant_id, d.day_of_week, h.start_time, h.end_time
from (
  values
  -- London, Monday to Friday; two windows that touch, then lunch
  (
    '5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101'::uuid, array[1, 2, 3, 4, 5],
    '09:00'::time, '10:30'::time
  ),
  ('5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101', array[1, 2, 3, 4, 5], '10:30', '12:30'),
  ('5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101', array[1, 2, 3, 4, 5], '13:30', '17:30'),
  -- New York, Tuesday to Saturday
  ('5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1102', array[2, 3, 4, 5], '09:00', '12:00'),
  ('5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1102', array[2, 3, 4, 5], '13:00', '17:00'),
  ('5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1102', array[6], '10:00', '15:00'),
  -- Kolkata, Sunday to Thursday
  ('5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1103', array[1, 2, 3, 4], '10:00', '13:00'),
  ('5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1103', array[1, 2, 3, 4], '14:00', '18:00'),
  ('5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1103', array[0], '11:00', '17:00')
) as h (consultant_id, days, start_time, end_time)
cross join unnest(h.days) as d (day_of_week)
where not exists (
  select from public.availability_templates t where t.consultant_id = h.consultant_id
);

-- One day with other hours and one day off, both still to come. They are made anew only when the last ones
-- are over, or each loading on another day would add two. Whoever else works that day still can be booked.
insert into public.availability_overrides (
  consultant_id, specific_date, start_time, end_time, is_available, reason
)
select
  '5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101', o.specific_date, o.start_time, o.end_time,
  o.is_available, o.reason
from (
  values
  (current_date + 3, '12:00'::time, '20:00'::time, true, 'Late shift'),
  (current_date + 5, null, null, false, 'Speaking at a conference')
) as o (specific_date, start_time, end_time, is_available, reason)
where not exists (
  select from public.availability_overrides a
  where a.consultant_id = '5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101'
    and a.specific_date >= current_date
);
