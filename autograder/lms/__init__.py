"""Learning management systems: what comes in (`collect`) and what goes back (`export`): Canvas, Moodle, Gradescope, plain CSV."""
