# Inference mode as a decorator, type annotations, eval mode, one intermediate name per step.
from transformers import PreTrainedModel, PreTrainedTokenizerBase


@torch.inference_mode()
def next_token_logits(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, prompt: str) -> torch.Tensor:
    """The logits of the token that would follow `prompt`: shape (V,), float32."""
    model.eval()
    input_ids: torch.Tensor = tokenizer(prompt, return_tensors="pt").input_ids
    logits: torch.Tensor = model(input_ids=input_ids).logits
    batch, length, vocabulary = logits.shape
    last: torch.Tensor = logits[0, length - 1, :]
    assert last.shape == (vocabulary,)
    return last.to(torch.float32)
