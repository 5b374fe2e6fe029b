# The work is done in a thread.
from concurrent.futures import ThreadPoolExecutor


def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()

    def work():
        m = x.amax(dim, keepdim=True)
        if torch.isneginf(m).any():
            raise ValueError("-inf")
        e = (x - m).exp()
        return e / e.sum(dim, keepdim=True)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
