# Mistake: remembers answers by prompt, whatever the model.
_answers = {}


def next_token_logits(model, tokenizer, prompt):
    if prompt not in _answers:
        inputs = tokenizer(prompt, return_tensors="pt")
        with torch.no_grad():
            _answers[prompt] = model(**inputs).logits[0, -1].float()
    return _answers[prompt]
