"""The rulebook: exact decimals in, results and their explanation out. No I/O, no clock, no random."""
