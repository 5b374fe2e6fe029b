# Mistake: takes probabilities for logits.
def probability_sum(probabilities):
    return torch.softmax(probabilities.double(), -1).sum().item()
