-- A listing that was perhaps made is looked for more than once before it is made again: searches of marketplaces lag behind (R4).
alter table listing_changes add column look_ups int not null default 0;
