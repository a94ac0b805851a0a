"""Contest packages (竞赛包): a folder or zip that a person can write by hand (docs/contest-package.md).

A **package** is a campaign with its boards, units, entries, panels, marks and decisions. It is read and
checked as a whole before anything else happens to it, and written in one canonical form: the same contest,
the same bytes.
"""
