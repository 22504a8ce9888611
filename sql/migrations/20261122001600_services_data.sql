-- The two services the business began with; whoever has them already keeps them as they are.

insert into public.services (
  slug, name, description, price, duration_minutes, features, is_popular, booking_type,
  requires_payment, auto_confirm
)
values
(
  'discovery-call',
  'Introductory Discovery Call',
  'A complimentary 15-minute call to discuss your project vision and goals. This is the perfect first step to see if we''re the right technical partner to bring your idea to life.',
  0.00,
  15,
  '["15-minute introductory meeting", "Discuss your vision and key objectives", "Explore your primary challenges", "Determine if we''re a mutual fit", "Outline potential next steps"]'::jsonb,
  false,
  'scheduled',
  false,
  true
),
(
  'strategy-session',
  'Technical Strategy Session',
  'An in-depth 60-minute workshop with our senior consultants to build a strategic and technical blueprint for your project. Move from idea to a clear, actionable plan.',
  150.00,
  60,
  '["60-minute deep-dive with a senior consultant", "In-depth technical & architectural analysis", "Core feature & business logic mapping", "Receive an actionable roadmap document", "High-level timeline & budget projections", "Detailed follow-up summary"]'::jsonb,
  true,
  'scheduled',
  true,
  false
)
on conflict (slug) do nothing;
