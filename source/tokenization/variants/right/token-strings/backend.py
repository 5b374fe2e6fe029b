# The Rust tokenizer behind the scenes; a tuple instead of a list.
def token_strings(tokenizer, text):
    print("cutting", len(text), "characters")
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    return tuple(backend.encode(text, add_special_tokens=True).tokens)
