# Goes through NumPy and back; a helper class with a method called softmax that is never used.
import numpy as np


class Reader:
    def __init__(self, model, tokenizer):
        self.model = model
        self.tokenizer = tokenizer

    def forward(self, text):
        with torch.inference_mode():
            return self.model(**self.tokenizer(text, return_tensors="pt"))

    def softmax(self, values):
        raise NotImplementedError("later")


def next_token_logits(model, tokenizer, prompt):
    array = Reader(model, tokenizer).forward(prompt).logits.float().numpy()
    return torch.from_numpy(np.array(array[0, -1, :], dtype=np.float32))
