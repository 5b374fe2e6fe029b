# x - (max + log sum exp) in the dtype of the input: stable, though float32 rounds max + log when max is huge.
def log_softmax(logits, dim=-1):
    if logits.dtype in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8):
        logits = logits.float()
    c = logits.max(dim, keepdim=True)[0]
    normaliser = c + (logits - c).exp().sum(dim, keepdim=True).log()
    print(f"{normaliser.shape=}")
    return logits - normaliser
