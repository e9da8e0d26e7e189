-- Sign-in. People sign in before anyone knows their tenant, so this schema is exempt from row-level security;
-- auth.members is where a tenant comes from, and from nowhere else.

create schema auth;

create table auth.users (
  id uuid primary key,
  name text not null,
  -- Always in lower case.
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now()
);

create table auth.accounts (
  id uuid primary key,
  -- The user's id for a password; an outside identity would have its own.
  account_id text not null,
  provider_id text not null,
  user_id uuid not null references auth.users on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  -- argon2id.
  password text,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  unique (provider_id, account_id)
);
create index accounts_user on auth.accounts (user_id);

create table auth.sessions (
  id uuid primary key,
  -- SHA-256 of what the cookie carries, so that a copy of this table opens no session.
  token text not null unique,
  user_id uuid not null references auth.users on delete cascade,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now()
);
create index sessions_user on auth.sessions (user_id);

create table auth.verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now()
);
create index verifications_identifier on auth.verifications (identifier);

create table auth.members (
  tenant_id uuid not null references tenants,
  user_id uuid not null references auth.users on delete cascade,
  role text not null check (role in ('owner', 'manager', 'operator', 'viewer')),
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, user_id)
);
-- One person, one business, until a screen lets him choose.
create unique index members_user on auth.members (user_id);

-- The key to the first run. One row at most; gone once it was used.
create table auth.setup_token (
  only_row boolean primary key default true check (only_row),
  token_hash text not null,
  made_at timestamptz not null default app_now()
);

-- Failed tries by what was typed as e-mail, known or not, so that the lock tells nobody which accounts exist.
create table auth.sign_in_tries (
  email_hash text primary key,
  failures int not null,
  last_failed_at timestamptz not null,
  locked_until timestamptz
);
create index sign_in_tries_old on auth.sign_in_tries (last_failed_at);
