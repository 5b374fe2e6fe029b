"""What an answer may not use: found under every name that it goes by, and never where something only looks like it."""

from __future__ import annotations

import time

import pytest

from autograder.code.forbidden import as_written, banned_name, called_tasks, uses

TASKS = ("softmax", "log_softmax", "total")
SOFTMAX = (
    "torch.softmax", "torch.Tensor.softmax", "torch.nn.functional.softmax", "torch.nn.Softmax", "torch.log_softmax", "scipy.special.*",
)  # fmt: skip
TOKENIZERS = ("transformers.AutoTokenizer", "transformers.BertTokenizer", "tokenizers.Tokenizer.encode")
SETUP = (
    "import torch\nimport torch.nn.functional as F\nfrom transformers import AutoTokenizer\n"
    "tokenizer = AutoTokenizer.from_pretrained('bert')"
)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def softmax(x):\n    return torch.softmax(x, -1)", "torch.softmax"),
        ("def softmax(x):\n    return F.softmax(x, -1)", "torch.nn.functional.softmax"),
        ("def softmax(x):\n    return getattr(torch, 'soft' + 'max')(x, -1)", "torch.softmax"),
        ("def softmax(x):\n    return vars(torch)['softmax'](x, -1)", "torch.softmax"),
        ("def softmax(x):\n    return torch.__dict__['softmax'](x, -1)", "torch.softmax"),
        ("def softmax(x):\n    return __import__('torch').softmax(x, -1)", "torch.softmax"),
        ("def softmax(x):\n    import sys\n    return sys.modules['torch'].softmax(x, -1)", "torch.softmax"),
        ("def softmax(x):\n    import importlib\n    return importlib.import_module('scipy.special').expit(x)", "scipy.special.expit"),
        ("from torch import *\ndef helper(x):\n    return log_softmax(x, -1)\ndef softmax(x):\n    return helper(x).exp()", "torch.log_softmax"),
        ("mine = torch.softmax\ndef softmax(x):\n    return mine(x, -1)", "torch.softmax"),
        ("module = torch.nn.Softmax(-1)\ndef softmax(x):\n    return module(x)", "module"),
        ("def softmax(x):\n    return torch.nn.Softmax(-1)(x)", "torch.nn.Softmax"),
        ("if True:\n    from torch import softmax as s\ndef softmax(x):\n    return s(x, -1)", "torch.softmax"),
        ("import importlib\ndef softmax(x):\n    return importlib.reload(torch.nn).functional.softplus(x)", "importlib.reload"),
        ("def softmax(x):\n    if False:\n        return torch.softmax(x, -1)\n    return x", "torch.softmax"),
        ("from torch.utils import _python_dispatch as p\ndef softmax(x):\n    with p._disable_current_modes():\n        return x", "torch.utils._python_dispatch._disable_current_modes"),
    ],
)  # fmt: skip
def test_a_forbidden_name_is_found_under_every_name_that_it_goes_by(source: str, name: str) -> None:
    sources = [SETUP, source]
    assert banned_name(sources, "softmax", SOFTMAX, TASKS) == name
    assert uses(sources, "softmax", SOFTMAX, TASKS) == name


@pytest.mark.parametrize(
    "source",
    [
        'def softmax(x):\n    """Not torch.softmax, F.softmax or x.softmax(-1)."""\n    return x.exp()  # torch.softmax(x)',
        "def softmax(x):\n    print('torch.softmax')\n    return x",
        "def softmax(x):\n    from torch.nn.functional import softmax\n    return x.exp()",
        "from torch.nn.functional import softmax, log_softmax\ndef softmax(x):\n    return x.exp()",
        "from torch import softmax\nprint(softmax)\ndef softmax(x):\n    return softmax(x - 1) if x.any() else x",
        "class Mine:\n    @staticmethod\n    def softmax(x):\n        return x\ndef softmax(x):\n    return Mine.softmax(x)",
        "class Mine:\n    def softmax(self, x):\n        return x\ndef softmax(x):\n    return Mine().softmax(x)",
        "from torch.nn.functional import *\ndef softmax(x):\n    return log(x)\ndef log(x):\n    return softmax(x)",
        "def softmax_stable(x):\n    return x\ndef softmax(x):\n    return softmax_stable(x)",
        "def softmax(x):\n    softmax_of = {'softmax': 1}\n    return x * softmax_of['softmax']",
        "def total(x):\n    return torch.softmax(x, -1)\ndef softmax(x):\n    return total(x)",
        "from torch import log_softmax\ndef softmax(x):\n    log_softmax = x - x.logsumexp(-1)\n    return log_softmax.exp()",
        "import importlib, utils\nutils = importlib.reload(utils)\ndef softmax(x):\n    return utils.shift(x)",
        "from torch.utils._python_dispatch import TorchDispatchMode\nclass Log(TorchDispatchMode):\n    pass\ndef softmax(x):\n    with Log():\n        return x",
        "def softmax(x):\n    return F.softplus(x) + torch.nn.functional.gelu(x)",
        "def softmax(x):\n    return x.exp()\nfrom torch.nn.functional import softmax\nprint(softmax(x))",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_none(source: str) -> None:
    sources = [SETUP, source]
    assert banned_name(sources, "softmax", SOFTMAX, TASKS) == ""
    assert uses(sources, "softmax", SOFTMAX, TASKS) == ""


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("return tokenizer.get_vocab()", ""),
        ("return [tokenizer.unk_token] * len(tokenizer)", ""),
        ("return tokenizer.convert_tokens_to_ids(word)", ""),
        ("return known(tokenizer)", ""),
        ("return sorted(KNOWN)", ""),
        ("for tokenizer in range(len(word)):\n        word += str(tokenizer)\n    return word", ""),
        ("return tokenizer.tokenize(word)", "tokenizer.tokenize"),
        ("return tokenizer.encode(word, add_special_tokens=False)", "tokenizer.encode"),
        ("return tokenizer.backend_tokenizer.model.tokenize(word)", "tokenizer.backend_tokenizer.model.tokenize"),
        ("return tokenizer(word).input_ids", "tokenizer"),
        ("cut = tokenizer\n    return cut(word)", "tokenizer"),
        ("return pieces(word)", "tokenizer.tokenize"),
        ("return total(tokenizer, word)", "tokenizer"),
        ("return AutoTokenizer.from_pretrained('x').tokenize(word)", "transformers.AutoTokenizer"),
    ],
)
def test_an_object_of_a_forbidden_class_may_be_asked_for_other_things(body: str, name: str) -> None:
    helpers = (
        "KNOWN = AutoTokenizer.from_pretrained('bert').get_vocab()\ndef known(one):\n    return one.vocab\n"
        "def pieces(word):\n    return tokenizer.tokenize(word)"
    )
    sources = [
        SETUP,
        helpers,
        "def total(tokenizer, text):\n    return tokenizer(text)",
        f"def wordpiece(word):\n    {body}",
    ]
    assert banned_name(sources, "wordpiece", TOKENIZERS, TASKS) == name


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("return logits.softmax(-1)", "logits.softmax"),
        ("return torch.special.softmax(logits, -1)", "torch.special.softmax"),
        ("return torch.nn.functional.scaled_dot_product_attention(logits, logits, logits)", "torch.nn.functional.scaled_dot_product_attention"),
        ("return (logits * 2).float().softmax(dim=-1)", "(logits * 2).float().softmax"),
        ("return torch.distributions.Categorical(logits=logits).probs", "torch.softmax"),
    ],
)  # fmt: skip
def test_what_ran_is_called_what_stands_in_the_source(body: str, written: str) -> None:
    assert as_written([SETUP, f"def softmax(logits):\n    {body}"], "softmax", "torch.softmax", TASKS) == written


def test_without_a_suite_a_method_counts_by_its_name() -> None:
    source = "def softmax(logits):\n    return logits.softmax(-1)"
    assert uses([source], "softmax", SOFTMAX, TASKS) == "logits.softmax"
    assert uses([source], "softmax", ("torch.nn.functional.cross_entropy",), TASKS) == ""


def test_the_tasks_that_an_answer_calls() -> None:
    sources = [
        "def total(x):\n    return helper(x)",
        "def helper(x):\n    return softmax(x)",
        "def softmax(x): return x",
    ]
    assert called_tasks(sources, "total", TASKS) == ("softmax",)


def test_a_name_that_is_bound_again_and_again_takes_no_longer_than_its_lines() -> None:
    """Twice the lines took four times as long: half a minute for 30,000 of them."""
    lines = 20_000
    sources = [
        "from torch import exp as total\n" + "h = total\n" * lines + "total = h\n" * (lines // 4),
        "from torch import exp as total",
    ]
    sources.append("def softmax(x):\n    return h(x)")
    started = time.process_time()
    assert banned_name(sources, "softmax", SOFTMAX, TASKS) == ""
    assert time.process_time() - started < 10
