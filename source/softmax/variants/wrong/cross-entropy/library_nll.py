# Mistake: the library's nll_loss over the student's own log_softmax, which this task forbids.
def cross_entropy(logits, targets):
    return torch.nn.functional.nll_loss(log_softmax(logits.double(), dim=-1), targets.long()).item()
