-- A renewal may help nothing: another one, late on its way or asked for by another program of the seller, ended what came of
-- it. So many in a row were followed at once by a refusal of what they gave; too many, and they are refused for good.
alter table channel_accounts add column renewals_in_vain int not null default 0;
