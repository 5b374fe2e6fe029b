"""`python -m autograder`, and the program `autograder`."""

import signal
import sys

from autograder import interrupt


def main() -> int:
    """Runs the command line.  A Ctrl-C is heard from here on, before anything else is imported."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as for a command in the background, which runs on
        interrupt.install()
    try:
        from autograder import cli

        code = cli.main()
    except KeyboardInterrupt:
        interrupt.end(interrupt.EXIT_CODE, "autograder: stopped before anything was done.")
    interrupt.settle()
    if code == interrupt.EXIT_CODE:
        interrupt.end(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
