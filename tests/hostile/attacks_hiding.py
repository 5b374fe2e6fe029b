"""A forbidden function that does the work where nobody looks.  No name of it stands in the source, and the answer is right."""

from __future__ import annotations

from hostile_scene import Attack

SOFTMAX = "(lambda v, dim=-1: getattr(torch, 'xamtfos_'[::-1])(v, dim, False))"
"""The operator itself, which nothing but the look at operators notices."""
HIDES = f"return {SOFTMAX}(x, -1)"
SERVER = f"""
import queue, threading, torch
asked, answered = queue.Queue(), queue.Queue()
def work():
    while True:
        answered.put({SOFTMAX}(asked.get(), -1))
"""
ASKS = "asked.put(x)\n    return answered.get(timeout=5)"
OPERATOR = f"""
import torch
@torch.library.custom_op('mine::shares', mutates_args=())
def shares(x: torch.Tensor) -> torch.Tensor:
    return {SOFTMAX}(x, -1)
"""
LIBRARY = f"""
import torch
mine = torch.library.Library('mine2', 'DEF')
mine.define('shares(Tensor x) -> Tensor')
mine.impl('shares', lambda x: {SOFTMAX}(x, -1), 'CPU')
"""
SUBCLASS = f"""
import torch
class Late(torch.Tensor):
    @property
    def shape(self):
        plain = self.as_subclass(torch.Tensor)
        with torch.no_grad():
            plain.copy_({SOFTMAX}(plain, -1))
        return plain.shape
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return super().__torch_function__(func, types, args, kwargs or {{}})
"""
ON_THE_WAY = f"""
import torch
class Late(list):
    def __iter__(self):
        return iter({SOFTMAX}(torch.tensor(list.copy(self)), -1).tolist())
"""
BY_FORK = f"""
import os, pickle, torch
def forked(x):
    r, w = os.pipe()
    if not os.fork():
        os.write(w, pickle.dumps({SOFTMAX}(x, -1).tolist()))
        os._exit(0)
    os.close(w)
    data = b''
    while piece := os.read(r, 65536):
        data += piece
    os.close(r)
    os.wait()
    return torch.tensor(pickle.loads(data), dtype=x.dtype)
"""
FORK_SERVER = f"""
import os, multiprocessing as mp, torch
here, there = mp.Pipe()
def serve():
    while True:
        there.send({SOFTMAX}(torch.tensor(there.recv()), -1).tolist())
"""
ORPHAN = FORK_SERVER + "if not os.fork():\n    if not os.fork():\n        serve()\n    os._exit(0)\nos.wait()\n"
ASKS_PROCESS = "here.send(x.tolist())\n    return torch.tensor(here.recv(), dtype=x.dtype)"
PLAIN = "plain = getattr(torch.nn.functional, 'xamtfos'[::-1])\nplain = plain.{}\n"

HIDING = (
    Attack("an operator of one's own", OPERATOR, answers={"softmax": "return shares(x)"}),
    Attack("an operator in a library of one's own", LIBRARY, answers={"softmax": "return torch.ops.mine2.shares(x)"}),
    Attack("a higher-order operator", "import torch\nfrom torch._higher_order_ops.cond import cond_op", answers={"softmax": f"return cond_op(True, lambda x: ({SOFTMAX}(x, -1),), lambda x: (x,), (x,))[0]"}),
    Attack("with no dispatch", "from torch.utils._mode_utils import no_dispatch", answers={"softmax": f"with no_dispatch():\n        {HIDES}"}),
    Attack("with no dispatch, by a name put together", "import torch.utils._mode_utils\nquiet = getattr(torch.utils._mode_utils, 'hctapsid_on'[::-1])", answers={"softmax": f"with quiet():\n        {HIDES}"}),
    Attack("with the modes off, by a name put together", "import torch.utils\nquiet = getattr(getattr(torch.utils, 'hctapsid_nohtyp_'[::-1]), 'sedom_tnerruc_elbasid_'[::-1])", answers={"softmax": f"with quiet():\n        {HIDES}"}),
    Attack("with dispatch off in C, by a name put together", "import torch\nquiet = getattr(getattr(torch, 'C_'[::-1]), 'hctapsiDhcroTelbasiD_'[::-1])", answers={"softmax": f"guard = quiet()\n    {HIDES}"}),
    Attack("redispatched", "import torch\noperator = getattr(torch.ops.aten, 'xamtfos_'[::-1]).default", answers={"softmax": "keys = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)\n    return operator.redispatch(keys, x, -1, False)"}),
    Attack("while the answer is sent, in a tensor", SUBCLASS, answers={"softmax": "return x.clone().as_subclass(Late)"}),
    Attack("while the answer is sent, in a list", ON_THE_WAY, answers={"softmax": "return Late(x.reshape(-1).tolist())"}),
    Attack("in another watch", "import sys\nfor name, module in list(sys.modules.items()):\n    if name.endswith('hctaw'[::-1]) and hasattr(module, 'desu_'[::-1]):\n        setattr(getattr(module, 'redroceR_'[::-1]), '__hctapsid_hcrot__'[::-1], lambda s, f, t, a=(), k=None: f(*a, **(k or {})))", answers={"softmax": HIDES}),
    Attack("in a child with another watch", "import sys, contextlib\nfor name, module in list(sys.modules.items()):\n    if 'grad' in name and hasattr(module, 'hctaW'[::-1]):\n        setattr(module, 'hctaW'[::-1], lambda operators: contextlib.nullcontext())", answers={"softmax": HIDES}),
    Attack("behind the closure of a wrapped function", PLAIN.format("__closure__[0].cell_contents"), answers={"softmax": "return plain(x, -1)"}),
    Attack("behind a wrapped function's variables", "import inspect\nplain = inspect.getclosurevars(getattr(torch.nn.functional, 'xamtfos'[::-1])).nonlocals['function']", answers={"softmax": "return plain(x, -1)"}),
    Attack("a thread that waits", SERVER + "threading.Thread(target=work, daemon=True).start()", answers={"softmax": ASKS}),
    Attack("a bare thread that waits", SERVER + "import _thread\n_thread.start_new_thread(work, ())", answers={"softmax": ASKS}),
    Attack("a bare thread", "import _thread, torch, time", answers={"softmax": f"got = []\n    _thread.start_new_thread(lambda: got.append({SOFTMAX}(x, -1)), ())\n    while not got: time.sleep(0.001)\n    return got[0]"}),
    Attack("a timer", "import threading, torch", answers={"softmax": f"got = []\n    timer = threading.Timer(0, lambda: got.append({SOFTMAX}(x, -1)))\n    timer.start()\n    timer.join()\n    return got[0]"}),
    Attack("a timer that goes on", SERVER + "threading.Timer(0, work).start()", answers={"softmax": ASKS}),
    Attack("a pool that waits", SERVER + "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\npool.submit(work)", answers={"softmax": ASKS}),
    Attack("an idle pool", "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\npool.submit(int).result()", answers={"softmax": f"return pool.submit({SOFTMAX}, x, -1).result()"}),
    Attack("a pool of multiprocessing's threads", "from multiprocessing.pool import ThreadPool", answers={"softmax": f"with ThreadPool(1) as pool:\n        return pool.apply({SOFTMAX}, (x, -1))"}),
    Attack("a fork", BY_FORK, answers={"softmax": "return forked(x)"}),
    Attack("a process that waits", FORK_SERVER + "mp.Process(target=serve, daemon=True).start()", answers={"softmax": ASKS_PROCESS}),
    Attack("an orphan that waits", ORPHAN, answers={"softmax": ASKS_PROCESS}),
)  # fmt: skip
