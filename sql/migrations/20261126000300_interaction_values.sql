-- Mail that was sent and notes of staff are part of a customer's journey too; alone, for a new value is no use where it is added.

alter type public.interaction_type add value if not exists 'email_sent';
alter type public.interaction_type add value if not exists 'note';
