-- A notification that comes while its work is under way may tell of what that turn no longer sees. When it wants the next
-- look is kept, for the end of the turn sets the work's time anew.
alter table channel_work add column nudged_for timestamptz;
