"""The warm fork server, what runs beside student code, and the trusted side's handle on both."""
