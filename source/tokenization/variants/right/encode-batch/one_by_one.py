# Sentence by sentence, the rows collected in a loop.
def encode_batch(tokenizer, sentences, max_length):
    answer = {"input_ids": [], "token_type_ids": [], "attention_mask": []}
    for sentence in sentences:
        row = tokenizer(sentence, padding="max_length", truncation=True, max_length=max_length)
        for key in answer:
            answer[key].append(row[key])
    return answer
