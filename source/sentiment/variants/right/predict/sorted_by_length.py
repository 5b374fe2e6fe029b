# Short texts first, so that batches need little padding; then back into order.
import numpy as np


def predict(df, classifier, batch_size=16):
    texts = df["text"].to_numpy(dtype=object)
    order = np.argsort([len(text) for text in texts], kind="stable").astype(int)
    prediction, score = np.zeros(len(df), dtype=np.int64), np.zeros(len(df))
    for part in np.array_split(order, range(batch_size, len(order), batch_size)):
        if len(part) == 0:
            continue
        answers = classifier(texts[part].tolist(), truncation=True, max_length=512)
        prediction[part] = [answer["label"] == "POSITIVE" for answer in answers]
        score[part] = [answer["score"] for answer in answers]
    return pd.concat([df, pd.DataFrame({"prediction": prediction, "score": score}, index=df.index)], axis=1)
