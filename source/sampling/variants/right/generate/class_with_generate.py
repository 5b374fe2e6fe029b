# A class of its own with a method called generate and a function called pipeline.
class Writer:
    def __init__(self, model, tokenizer):
        self.model, self.tokenizer = model, tokenizer

    def step(self, ids):
        with torch.no_grad():
            return self.model(input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids))).logits[0, -1]

    def generate(self, ids, draw, limit):
        start = len(ids)
        while len(ids) - start < limit:
            token = int(draw(self.step(ids)))
            if token == self.tokenizer.eos_token_id:
                break
            ids = [*ids, token]
        return self.tokenizer.decode(ids[start:])


def pipeline(model, tokenizer):
    return Writer(model, tokenizer)


def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    def draw(scores):
        return sample_token(scores, generator, temperature=temperature, top_k=top_k, top_p=top_p)

    return pipeline(model, tokenizer).generate(tokenizer(prompt).input_ids, draw, max_new_tokens)
