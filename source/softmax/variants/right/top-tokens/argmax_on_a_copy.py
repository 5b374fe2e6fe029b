# Takes the best k times from a copy, with a progress bar and annotations.
from tqdm import tqdm


def top_tokens(logits: torch.Tensor, tokenizer, k: int = 10) -> list[tuple[str, float]]:
    if k < 1:
        raise ValueError(f"cannot show {k} tokens")
    left: torch.Tensor = torch.nn.functional.softmax(logits.to(torch.float64), dim=0).clone()
    found: list[tuple[str, float]] = []
    for _ in tqdm(range(min(k, left.numel()))):
        winner = int(left.argmax())
        found.append((tokenizer.decode([winner]), float(left[winner])))
        left[winner] = -1.0
    return found
