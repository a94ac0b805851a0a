-- Run once by the database's first start. Two roles, neither a superuser:
--   leitai_owner  `leitai migrate`: owns the database and everything in it
--   leitai_app    every other process: reads and writes rows, cannot create, alter or drop anything
\set ON_ERROR_STOP on
\getenv owner_password DATABASE_OWNER_PASSWORD
\getenv app_password DATABASE_APP_PASSWORD

CREATE ROLE leitai_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE leitai_app LOGIN PASSWORD :'app_password';

REVOKE ALL ON DATABASE leitai FROM PUBLIC;
ALTER DATABASE leitai OWNER TO leitai_owner;
ALTER SCHEMA public OWNER TO leitai_owner;
GRANT CONNECT ON DATABASE leitai TO leitai_app;
GRANT USAGE ON SCHEMA public TO leitai_app;

-- Whatever the owner makes from now on, by any migration, the services may use.
ALTER DEFAULT PRIVILEGES FOR ROLE leitai_owner GRANT USAGE ON SCHEMAS TO leitai_app;
ALTER DEFAULT PRIVILEGES FOR ROLE leitai_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO leitai_app;
ALTER DEFAULT PRIVILEGES FOR ROLE leitai_owner GRANT USAGE, SELECT ON SEQUENCES TO leitai_app;
