# A class with a softmax method and a generator; lists instead of tuples inside; warns when k is over V.
import warnings
from itertools import islice


class Ranking:
    def __init__(self, logits):
        self.p = self.softmax(logits.double())

    @staticmethod
    def softmax(x):
        e = torch.exp(x - torch.max(x))
        return e / torch.sum(e)

    def __iter__(self):
        for i in torch.argsort(self.p, descending=True).tolist():
            yield i, self.p[i].item()


def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError("asked for %s tokens" % (k,))
    if k > len(logits):
        warnings.warn("k is larger than the vocabulary")
    decode = lambda i: tokenizer.decode([i], clean_up_tokenization_spaces=False)
    return [(decode(i), p) for i, p in islice(Ranking(logits), int(k))]
