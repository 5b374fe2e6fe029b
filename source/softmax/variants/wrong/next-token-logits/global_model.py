# Mistake: uses the notebook's own model and tokenizer, whatever it is given.
_own_model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32)
_own_tokenizer = AutoTokenizer.from_pretrained(MODEL)


def next_token_logits(model, tokenizer, prompt):
    inputs = _own_tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        return _own_model(**inputs).logits[0, -1].float()
