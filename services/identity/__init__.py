"""Who people are: accounts, roles, sign-in, judge links, sessions."""
