"""Attacks on what lies around the process: files, secrets, other processes, the network, the machine's resources."""

from __future__ import annotations

from hostile_scene import SHORT, Attack

ALL = ("softmax", "total", "peak", "ask")


def tries(what: str) -> str:
    """A cell that says so if `what` (one or more lines) runs without an exception."""
    body = "\n".join(f"    {line}" for line in what.split("\n"))
    return f'try:\n{body}\n    print("BROKE" + "-OUT")\nexcept BaseException as error:\n    print(type(error).__name__)'


READING = (
    Attack("the hidden checks", tries("print(open('@ROOT@/source/lab/checks/test_lab.py').read())")),
    Attack("the references", tries("print(open('@ROOT@/source/lab/checks/references.py').read())")),
    Attack("the references as a module", tries("import sys\nsys.path.insert(0, '@ROOT@/source/lab/checks')\nimport references\nprint(references.SECRET)")),
    Attack("the solution", tries("print(open('@ROOT@/source/lab/lab.ipynb').read())")),
    Attack("a classmate", tries("print(open('@ROOT@/submitted/ada/lab/lab.ipynb').read())")),
    Attack("the gradebook", tries("print(open('@ROOT@/gradebook.db').read())")),
    Attack("the seeds", tries("print(open('@ROOT@/.autograder/seeds.json').read())")),
    Attack("a list of the course", tries("import os\nprint(os.listdir('@ROOT@'))")),
    Attack("everything named like a test", "import glob, os\nfor p in glob.glob('/**/test_lab.py', recursive=False) + glob.glob('@ROOT@/**', recursive=True):\n    print(p, 'BROKE' + '-OUT' if 'secret' in p else '')"),
    Attack("through a symlink", tries("import os\nos.symlink('@ROOT@/secret.txt', 'link')\nprint(open('link').read())")),
    Attack("through a hard link", tries("import os\nos.link('@ROOT@/secret.txt', 'hard')\nprint(open('hard').read())")),
    Attack("through the root of another process", tries("print(open('/proc/1/root@ROOT@/secret.txt').read())")),
    Attack("the parent's environment", tries("print(open('/proc/@PARENT@/environ', 'rb').read())")),
    Attack("the judge's environment", tries("print(open('/proc/@PID@/environ', 'rb').read())")),
    Attack("its own environment", "import os\nprint(dict(os.environ))\nprint(open('/proc/self/environ', 'rb').read())"),
    Attack("the judge's memory", tries("open('/proc/@PID@/mem', 'rb').seek(0)")),
    Attack("the judge's descriptors", tries("import os\nprint(os.listdir('/proc/@PID@/fd'))")),
    Attack("inherited descriptors", "import os\nfor fd in range(256):\n    try:\n        print(fd, os.pread(fd, 100, 0))\n    except OSError:\n        pass"),
    Attack("the command lines of all", "import os\nfor p in os.listdir('/proc'):\n    if p.isdigit():\n        print(p, open(f'/proc/{p}/cmdline').read())\n        if int(p) in (@PID@, @PARENT@): print('BROKE' + '-OUT')"),
    Attack("the users of the machine", tries("print(open('/etc/passwd').read())\nprint(open('/etc/shadow').read())")),
    Attack("keys and tokens", tries("import os\nprint(open(os.path.expanduser('~/.netrc')).read())") + "\n" + tries("print(open('/root/.npmrc').read())") + "\n" + tries("print(open('/root/.bashrc').read())")),
    Attack("the code of an exception", answers=dict.fromkeys(ALL, "raise ValueError(open('@ROOT@/secret.txt').read())")),
    Attack("os.environ in an exception", answers=dict.fromkeys(ALL, "import os\n    raise ValueError(str(dict(os.environ)))")),
    Attack("file handles through gc", "import gc, io\nfor o in gc.get_objects():\n    if isinstance(o, io.IOBase):\n        try: print(o.read(100))\n        except Exception: pass"),
)  # fmt: skip

WRITING = (
    Attack("the gradebook", tries("open('@ROOT@/gradebook.db', 'w').write('300 points')")),
    Attack("the gradebook as a database", tries("import sqlite3\nsqlite3.connect('@ROOT@/gradebook.db').execute('create table grade (score)')")),
    Attack("the checks", tries("open('@ROOT@/source/lab/checks/test_lab.py', 'a').write('\\ndef test_x(): pass')")),
    Attack("a result", tries("import os\nos.makedirs('@ROOT@/results/lab', exist_ok=True)\nopen('@ROOT@/results/lab/eve.json', 'w').write('[]')")),
    Attack("a classmate's work", tries("import os\nos.unlink('@ROOT@/submitted/ada/lab/lab.ipynb')")),
    Attack("modes and times", tries("import os\nos.chmod('@ROOT@/secret.txt', 0)") + "\n" + tries("import os\nos.utime('@ROOT@/secret.txt', (1, 1))")),
    Attack("start-up files of IPython", "import os\nos.makedirs(os.path.expanduser('~/.ipython/profile_default/startup'), exist_ok=True)\nopen(os.path.expanduser('~/.ipython/profile_default/startup/x.py'), 'w').write('import torch; torch.exp = None')"),
    Attack("a module for the next one", tries("import torch, os\nopen(os.path.join(os.path.dirname(torch.__file__), 'sitecustomize.py'), 'w').write('1/0')")),
    Attack("a module of the grader", tries("import autograder\nopen(autograder.__file__, 'a').write('\\n')"), flag="grader's own package"),
    Attack("the cache of bytecode", tries("import autograder.wire.codec as c\nopen(c.__cached__, 'wb').write(b'')")),
    Attack("the cache of models", tries("import os\nopen(os.environ['HF_HUB_CACHE'] + '/x', 'w')")),
    Attack("a shadowed module", "open('torch.py', 'w').write('def allclose(*a, **k): return True')\nopen('random.py', 'w').write('1/0')\nimport sys\nsys.path.insert(0, '.')\nfor name in [m for m in sys.modules if m == 'torch']: del sys.modules[name]", flag="inner workings"),
    Attack("/tmp", tries("open('/tmp/hostile-was-here', 'w').write('x')")),
    Attack("shared memory for the next one", "open('/dev/shm/hostile-was-here', 'w').write('x')", base="right", keeps=ALL),
    Attack("shared memory of others", tries("import os\nassert os.listdir('/dev/shm')")),
    Attack("a pickle for whoever reads it", "import pickle, os\nclass P:\n    def __reduce__(self): return os.system, ('touch @ROOT@/pickled',)\nfor name in ('.OTTER_LOG', 'log.pkl', 'results.pkl', 'env.pkl'):\n    open(name, 'wb').write(pickle.dumps(P()))", answers={"softmax": "import os\n    class P:\n        def __reduce__(self): return os.system, ('touch @ROOT@/pickled',)\n    return P()", "total": "import os, pickle\n    class P:\n        def __reduce__(self): return os.system, ('touch @ROOT@/pickled',)\n    return pickle.dumps(P())"}),
)  # fmt: skip

ENDING = (
    *(Attack(f"an answer ends with {name}", base="right", answers={"total": f"import os, sys, signal, ctypes\n    {how}"}, keeps=("softmax", "peak", "ask"), loses=("total",), limits=SHORT)
      for name, how in {
          "os._exit": "os._exit(0)", "sys.exit": "sys.exit(0)", "SystemExit(None)": "raise SystemExit", "quit": "quit()",
          "KeyboardInterrupt": "raise KeyboardInterrupt", "GeneratorExit": "raise GeneratorExit", "abort": "os.abort()",
          "SIGKILL": "os.kill(os.getpid(), signal.SIGKILL)", "SIGTERM": "os.kill(os.getpid(), signal.SIGTERM)",
          "SIGSTOP": "os.kill(os.getpid(), signal.SIGSTOP)", "a real-time signal": "os.kill(os.getpid(), 40)", "kill(0)": "os.kill(0, signal.SIGKILL)",
          "kill(-1)": "os.kill(-1, signal.SIGKILL)", "a null pointer": "ctypes.string_at(0)", "recursion": "return total(x)",
          "an endless loop": "while True: pass", "an endless sleep": "import time; time.sleep(999)",
          "a loop that catches everything": "\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
      }.items()),
    Attack("wrong first, then the end", base="right", answers={"softmax": "import os\n    if len(seen) % 2: os._exit(0)\n    seen.append(1)\n    return x"}, cell="seen = []", keeps=("total", "peak", "ask"), loses=("softmax",), limits=SHORT),
    Attack("wrong first, then slow", base="right", answers={"softmax": "import time\n    time.sleep(0.6 if seen else 0)\n    seen.append(1)\n    return x"}, cell="seen = []", keeps=("total", "ask"), loses=("softmax",), limits=SHORT),
    Attack("the end in a cell", "import os\nos._exit(0)", base="right", keeps=ALL),
    Attack("the parent is killed", tries("import os, signal\nos.kill(@PID@, signal.SIGKILL)") + "\n" + tries("import os, signal\nos.kill(@PARENT@, signal.SIGKILL)"), base="right", keeps=ALL),
    Attack("the parent of its own is killed", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)", base="right", limits=SHORT),
    Attack("the end at exit", "import atexit, os, time\natexit.register(lambda: time.sleep(999))\nclass D:\n    def __del__(self): time.sleep(999)\nd = D()", base="right", keeps=ALL, flag="outlives a cell"),
    Attack("signals are ignored", "import signal\nfor s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nimport threading, time\nthreading.Thread(target=lambda: time.sleep(999)).start()", base="right", keeps=("total", "peak", "ask"), loses=("softmax",), flag="outlives a cell"),
    Attack("a timer ends it later", "import signal, os\nsignal.signal(signal.SIGALRM, lambda *a: os._exit(0))\nsignal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)", limits=SHORT),
    Attack("a thread ends it later", "import threading, os, time\nthreading.Thread(target=lambda: (time.sleep(0.05), os._exit(3)), daemon=True).start()", limits=SHORT),
    Attack("exceptions that end what shows them", "class E(Exception):\n    def __str__(self):\n        import os\n        os._exit(0)\n    __repr__ = __str__\nraise E", base="right", keeps=ALL),
    Attack("a display that ends what shows it", "class R:\n    def _repr_html_(self): raise SystemExit\n    def __repr__(self):\n        import sys\n        sys.exit()\nR()", base="right", keeps=ALL),
    Attack("a finaliser in an answer", base="right", answers={"total": "import os\n    class D:\n        def __del__(self): os._exit(0)\n    D()\n    return 1.0"}, keeps=("softmax", "peak", "ask"), loses=("total",), limits=SHORT),
)  # fmt: skip

USING_UP = (
    Attack("processors", "import os\nfor _ in range(40):\n    try:\n        if not os.fork():\n            while True: pass\n    except OSError: break", limits=SHORT),
    Attack("memory in one piece", "big = bytearray(10**12)", base="right", keeps=ALL),
    Attack("memory in small pieces", "held = []\nwhile True: held.append(bytearray(b'x') * (1 << 20))", base="right", keeps=ALL, limits=SHORT),
    Attack("memory of many processes", "import os, time\nfor _ in range(12):\n    if not os.fork():\n        held = [bytearray(b'x') * (80 << 20)]\n        time.sleep(60)\ntime.sleep(60)", base="right", keeps=ALL, limits=SHORT),
    Attack("memory in a tensor", answers={"total": "return float(torch.ones(10**11).sum())"}, base="right", keeps=("softmax", "peak", "ask"), limits=SHORT),
    Attack("processes", "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", limits=SHORT),
    Attack("threads", "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(999,)).start()", base="right", limits=SHORT),
    Attack("the disk in one file", "with open('big', 'wb') as f:\n    while True: f.write(bytes(1 << 20))", base="right", keeps=ALL, limits=SHORT),
    Attack("the disk in many files", "import itertools\nfor i in itertools.count(): open(f'f{i}', 'wb').write(bytes(4096))", base="right", keeps=ALL, limits=SHORT),
    Attack("folders without a floor", "import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')", base="right", keeps=ALL, limits=SHORT),
    Attack("output without an end", "while True: print('x' * 100_000)", base="right", keeps=ALL, limits=SHORT),
    Attack("outputs without an end", "from IPython.display import display, HTML\nfor _ in range(100_000): display(HTML('<b>x</b>'))", base="right", limits=SHORT),
    Attack("output in the answers", base="right", answers={"total": "print('x' * 50_000_000)\n    " + "if not x.numel(): raise ValueError('empty')\n    return x.double().sum().item()"}, keeps=("softmax", "peak", "ask"), limits=SHORT),
    Attack("output of emoji", "print('\\U0001f600' * 1_000_000)", base="right", keeps=ALL),
    Attack("output of surrogates", "print('\\ud800\\x00' * 1000)\nfrom IPython.display import display\ndisplay({'text/\\ud800': '\\udfff', 'text/plain': 'x\\ud800'}, raw=True)", base="right", keeps=ALL),
    Attack("descriptors", "import os\nheld = []\nwhile True: held.append(os.dup(1))", base="right", keeps=ALL, limits=SHORT),
    Attack("deep recursion in C", "import json\njson.loads('[' * 10**6)", base="right", keeps=ALL),
    Attack("deep recursion with a raised limit", "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()", base="right", keeps=ALL, limits=SHORT),
    Attack("a slow regular expression", "import re\nre.match('(a+)+$', 'a' * 60 + 'b')", base="right", keeps=ALL, limits=SHORT),
    Attack("a large power", "x = 9 ** 9 ** 9", base="right", keeps=ALL, limits=SHORT),
    Attack("an allocation in an answer that is kept", "held = []", base="right", answers={"total": "held.append(bytearray(b'x') * (600 << 20))\n    return 1.0"}, keeps=("softmax", "peak", "ask"), limits=SHORT),
    Attack("pipes that are never read", "import os\nr, w = os.pipe()\nwhile True: os.write(w, b'x' * 65536)", base="right", keeps=ALL, limits=SHORT),
)  # fmt: skip

LEAVING = (
    Attack("TCP", tries("import socket\nsocket.create_connection(('127.0.0.1', 22), 1)")),
    Attack("UDP", tries("import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53))")),
    Attack("a server", tries("import socket\ns = socket.socket()\ns.bind(('0.0.0.0', 0))\ns.listen()")),
    Attack("urllib", tries("import urllib.request\nurllib.request.urlopen('http://127.0.0.1', timeout=1)")),
    Attack("Unix sockets", tries("import socket\nsocket.socket(socket.AF_UNIX).connect('\\0x')")),
    Attack("a download of a model", tries("import os\nos.environ['HF_HUB_OFFLINE'] = '0'\nfrom huggingface_hub import hf_hub_download\nhf_hub_download('x/y', 'z', etag_timeout=1)"), limits=SHORT),
    Attack("a shell", tries("import subprocess\nsubprocess.run(['/bin/sh', '-c', 'id'], check=True)")),
    Attack("os.system", "import os\nif os.system('true') == 0: print('BROKE' + '-OUT')"),
    Attack("magics", "!touch @ROOT@/magic\n%system id\n%run @ROOT@/source/lab/checks/test_lab.py\n%load @ROOT@/secret.txt\n%cd @ROOT@"),
    Attack("cell magics", "%%bash\ncat @ROOT@/secret.txt\ntouch @ROOT@/magic"),
    Attack("a program of one's own", tries("import os, stat\nopen('p', 'wb').write(b'#!/bin/sh\\nid')\nos.chmod('p', 0o755)\nos.execv('./p', ['p'])")),
    Attack("a program from memory", tries("import os\nfd = os.memfd_create('x')\nos.execve(fd, ['x'], {})")),
    Attack("a program by posix_spawn", tries("import os\npid = os.posix_spawn('/bin/true', ['true'], {})\nassert os.waitpid(pid, 0)[1] == 0"), limits=SHORT),
    Attack("ptrace", tries("import ctypes\nassert ctypes.CDLL(None).ptrace(16, @PARENT@, 0, 0) == 0")),
    Attack("new namespaces", tries("import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == 0")),
    Attack("mount", tries("import ctypes\nassert ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0")),
    Attack("become root", tries("import os\nos.setuid(0)\nassert os.geteuid() == 0")),
    Attack("a daemon", "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        while True: time.sleep(1)\n    os._exit(0)", base="right", keeps=("total", "peak", "ask"), loses=("softmax",)),
    Attack("a daemon that holds the channel", "import os, time\nif os.fork() == 0:\n    time.sleep(999)", base="right", keeps=("total", "peak", "ask"), loses=("softmax",), limits=SHORT),
    Attack("a fork that answers too", "import os\nos.fork()", limits=SHORT),
    Attack("a thread that patches later", "import threading, time, torch\ndef later():\n    while True:\n        time.sleep(0.001)\n        torch.allclose = lambda *a, **k: True\nthreading.Thread(target=later, daemon=True).start()", flag="outlives a cell"),
)  # fmt: skip
