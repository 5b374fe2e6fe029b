# Form: a tensor of shape [B, 1].
def real_lengths(attention_mask):
    return torch.tensor(attention_mask).long().sum(dim=1, keepdim=True)
