"""The course's models: each is pinned, as it was written, and does what the lectures say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder import models
from autograder.models import ModelSpec, byte_pairs, cache, made

BERT = "bert-base-uncased"
CAUSAL_LM = "HuggingFaceTB/SmolLM2-135M-Instruct"


@pytest.fixture(scope="module")
def installed() -> dict[str, models.Installed]:
    """The course's models in the user's own cache, made there if they are not."""
    return {one.name: one for one in models.ensure(models.REGISTRY)}


def test_every_model_of_the_course_is_in_the_registry(root: Path) -> None:
    from autograder import course as courses

    named = {name for assignment in courses.load(root).assignments for name in assignment.models}

    assert named <= set(models.REGISTRY)


@pytest.mark.parametrize("spec", models.REGISTRY.values(), ids=lambda spec: spec.name)
def test_every_model_of_the_registry_is_pinned(spec: ModelSpec) -> None:
    if spec.requirement:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+", spec.requirement)
        assert re.fullmatch("[0-9a-f]{64}", spec.sha256)
        assert spec.package_mb > 0
        assert not spec.base, "a model is made from a package or from another model"
    assert not spec.base or spec.base in models.REGISTRY
    assert spec.build is not None
    assert spec.needs
    assert spec.note
    assert spec.disk_mb > spec.package_mb
    assert spec.on_hub != spec.name.startswith("hf-inside/")


@pytest.mark.parametrize("name", models.REGISTRY)
def test_the_files_are_what_was_written(installed: dict[str, models.Installed], name: str) -> None:
    assert models.status(name) == installed[name]
    assert cache.damaged(installed[name].path) == []


@pytest.mark.usefixtures("installed")
def test_the_bert_tokenizer_is_the_lectures() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(BERT)

    assert tokenizer.is_fast
    assert len(tokenizer) == 30522
    assert tokenizer("I like cats")["input_ids"] == [101, 1045, 2066, 8870, 102]
    pair = tokenizer("What is the capital of France?", "Paris is the capital.")
    assert len(pair["input_ids"]) == 15
    assert pair["token_type_ids"] == [0] * 9 + [1] * 6
    assert (tokenizer.pad_token_id, tokenizer.unk_token_id) == (0, 100)


@pytest.mark.usefixtures("installed")
def test_the_bert_tokenizer_neither_cuts_nor_pads_on_its_own() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(BERT)

    assert len(tokenizer("cat " * 300)["input_ids"]) == 302
    assert len(tokenizer("cat " * 600, truncation=True)["input_ids"]) == 512
    assert len(tokenizer.backend_tokenizer.encode("cat").ids) == 3


@pytest.mark.usefixtures("installed")
def test_the_encoder_is_minilm_and_shares_berts_vocabulary() -> None:
    from transformers import AutoModel, AutoTokenizer

    encoder = AutoModel.from_pretrained(models.MINILM)
    tokenizer = AutoTokenizer.from_pretrained(models.MINILM)

    assert encoder.get_input_embeddings().weight.shape == (30522, 384)
    assert encoder.config.max_position_embeddings == 512
    assert tokenizer.get_vocab() == AutoTokenizer.from_pretrained(BERT).get_vocab()


@pytest.mark.usefixtures("installed")
def test_the_encoder_puts_sentences_of_one_meaning_near_each_other() -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, encoder = AutoTokenizer.from_pretrained(models.MINILM), AutoModel.from_pretrained(models.MINILM)
    texts = ["A dog runs.", "A puppy is running.", "Shares fell in London."]
    encoded = tokenizer(texts, padding=True, return_tensors="pt")

    with torch.inference_mode():
        states, mask = encoder(**encoded).last_hidden_state, encoded["attention_mask"].unsqueeze(-1)
    means = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
    near, far = (means[:1] @ means[1:].T)[0].tolist()

    assert near > 0.7
    assert far < 0.2


def test_an_entry_is_split_into_what_it_was_merged_from() -> None:
    ranks = {b"a": 0, b"b": 1, b"c": 2, b"bc": 3, b"ab": 4, b"abc": 5}

    assert list(byte_pairs.merges(ranks)) == [(b"b", b"c"), (b"a", b"b"), (b"a", b"bc")]


def test_an_entry_that_no_merges_make_is_an_error() -> None:
    with pytest.raises(ValueError, match="abc"):
        list(byte_pairs.merges({b"a": 0, b"b": 1, b"c": 2, b"abc": 3}))


@pytest.mark.usefixtures("installed")
def test_the_gpt2_tokenizer_gives_gpt2s_ids() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained("gpt2")

    assert tokenizer.is_fast
    assert len(tokenizer) == 50257
    assert tokenizer("The cat sat on")["input_ids"] == [464, 3797, 3332, 319]
    assert tokenizer("Hello, my dog is cute")["input_ids"] == [15496, 11, 616, 3290, 318, 13779]
    assert tokenizer.tokenize("I like cats") == ["I", "Ġlike", "Ġcats"]
    text = "  don't\n\tnaïve 🙂 3.14  12 "
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    assert (tokenizer.eos_token_id, tokenizer.model_max_length) == (50256, 1024)


@pytest.mark.usefixtures("installed")
def test_gpt2_has_no_weights_here_and_says_so() -> None:
    from transformers import AutoModelForCausalLM

    with pytest.raises(OSError, match="gpt2 does not appear to have a file named"):
        AutoModelForCausalLM.from_pretrained("gpt2")


def sentiment_pipeline() -> Any:
    """The classifier as a notebook makes it."""
    from transformers import pipeline

    make: Any = pipeline  # its types do not know this name of the task
    return make("sentiment-analysis", model="hf-inside/reviews-sentiment")


@pytest.mark.usefixtures("installed")
def test_the_sentiment_pipeline_knows_good_from_bad() -> None:
    classifier = sentiment_pipeline()

    found = classifier(["A warm, funny and touching film.", "A dull and badly acted mess."])
    assert [one["label"] for one in found] == ["POSITIVE", "NEGATIVE"]
    assert all(one["score"] > 0.8 for one in found)


@pytest.mark.usefixtures("installed")
def test_a_text_over_the_classifiers_limit_fails_unless_it_is_truncated() -> None:
    classifier = sentiment_pipeline()

    assert classifier("good " * 510)[0]["label"] == "POSITIVE"
    with pytest.raises(RuntimeError, match="size"):
        classifier("good " * 511)
    assert classifier("good " * 1000, truncation=True)[0]["label"] == "POSITIVE"


@pytest.mark.usefixtures("installed")
def test_the_digits_are_a_ddim_pipeline_as_any_other() -> None:
    import torch
    from diffusers import DDIMPipeline

    pipe = DDIMPipeline.from_pretrained("hf-inside/digits-ddim")
    pipe.set_progress_bar_config(disable=True)

    pictures = [
        pipe(
            batch_size=2, num_inference_steps=5, generator=torch.Generator().manual_seed(seed), output_type="np"
        ).images
        for seed in (0, 0, 1)
    ]
    assert pictures[0].shape == (2, 8, 8, 1)
    assert (pictures[0] == pictures[1]).all()
    assert (pictures[0] != pictures[2]).any()


@pytest.mark.usefixtures("installed")
def test_a_labels_vector_in_the_bias_does_what_the_label_does() -> None:
    import torch
    from diffusers import UNet2DModel

    plain: Any = UNet2DModel.from_pretrained("hf-inside/digits-ddim", subfolder="unet")
    told: Any = UNet2DModel.from_pretrained("hf-inside/digits-ddim", subfolder="conditional")
    noise, labels = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(0)), told.class_embedding.weight

    with torch.inference_mode():
        any_digit = told(noise, 500, class_labels=torch.full((4,), made.ANY_DIGIT)).sample
        assert torch.allclose(plain(noise, 500).sample, any_digit, atol=1e-5)
        plain.time_embedding.linear_2.bias += labels[3] - labels[made.ANY_DIGIT]
        three = told(noise, 500, class_labels=torch.full((4,), 3)).sample
        assert torch.allclose(plain(noise, 500).sample, three, atol=1e-5)
        assert not torch.allclose(three, any_digit, atol=1e-2)


@pytest.mark.usefixtures("installed")
def test_the_tiny_stable_diffusion_draws_the_same_noise_for_the_same_seed() -> None:
    import torch
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained("hf-inside/tiny-stable-diffusion")
    pipe.set_progress_bar_config(disable=True)

    def draw(prompt: str, seed: int) -> bytes:
        picture = pipe(prompt, num_inference_steps=2, generator=torch.Generator().manual_seed(seed)).images[0]
        assert (picture.size, picture.mode) == ((64, 64), "RGB")
        content: bytes = picture.tobytes()
        return content

    first = draw("cat playing upright bass", 1)
    assert draw("cat playing upright bass", 1) == first
    assert draw("cat playing upright bass", 2) != first
    assert draw("a dog", 1) != first


@pytest.mark.usefixtures("installed")
def test_the_causal_tokenizer_is_smollm2s() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(CAUSAL_LM)

    assert len(tokenizer) == 49152
    assert tokenizer("The cat sat on")["input_ids"] == [504, 2644, 2643, 335]
    # each digit for itself, and spaces before it in one piece
    assert tokenizer.tokenize("in 2024:  7") == ["in", "Ġ", "2", "0", "2", "4", ":", "ĠĠ", "7"]
    text = "  don't\n\tnaïve 🙂 3.14  12 "
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    chat = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Hi"}], tokenize=False, add_generation_prompt=True
    )
    assert isinstance(chat, str)
    assert chat.endswith("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
    assert tokenizer.model_max_length == 8192


@pytest.mark.usefixtures("installed")
def test_the_causal_model_knows_the_capital_of_france_and_is_mapped_into_memory() -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(CAUSAL_LM)
    before = own_memory_mb()
    model = AutoModelForCausalLM.from_pretrained(CAUSAL_LM)
    taken = own_memory_mb() - before

    assert model.dtype == torch.float32
    assert taken < 200, "538 MB of weights are shared with the file, not copied"
    encoded = tokenizer("The capital of France is", return_tensors="pt")
    with torch.inference_mode():
        probabilities = model(**encoded).logits[0, -1].softmax(-1)
    assert tokenizer.decode(probabilities.argmax()) == " Paris"
    assert probabilities.max().item() == pytest.approx(0.77, abs=0.01)


def own_memory_mb() -> float:
    """Memory of this process that is backed by no file; 0 where the system does not tell."""
    path = Path("/proc/self/smaps_rollup")
    text = path.read_text() if path.exists() else ""
    return sum(int(kilobytes) for kilobytes in re.findall(r"^Anonymous: +(\d+)", text, re.MULTILINE)) / 1000


def test_nothing_heavy_is_imported_to_see_what_is_there(root: Path) -> None:
    program = f"import sys; from autograder import models; models.status({BERT!r}); print('torch' in sys.modules)"

    result = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)

    assert result.stdout == "False\n"
