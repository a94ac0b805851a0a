"""The read side: pages, explanations and feeds of live boards, from Redis alone."""
