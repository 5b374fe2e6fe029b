# mean of (max + log sum exp) - logit of the target, in the dtype of the input; warns about large logits.
import warnings


def cross_entropy(logits, targets):
    scores = logits * 1.0
    if scores.abs().max() > 1000:
        warnings.warn("these logits are very large")
    peak, _ = scores.max(dim=1)
    normaliser = peak + torch.log(torch.exp(scores - peak.unsqueeze(1)).sum(dim=1))
    rows = torch.arange(scores.size(0))
    return (normaliser - scores[rows, targets.to(torch.int64)]).mean().item()
