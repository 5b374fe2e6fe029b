# The Rust tokenizer behind the scenes; prints on the way.
def token_strings(tokenizer, text):
    print("cutting", len(text), "characters")
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    return list(backend.encode(text, add_special_tokens=True).tokens)
