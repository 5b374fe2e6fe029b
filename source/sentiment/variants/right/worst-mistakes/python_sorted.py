# sorted over positions; Python's sort is stable.
def worst_mistakes(df, n=5):
    said, meant, scores = df["prediction"].tolist(), df["label"].tolist(), df["score"].tolist()
    wrong = [i for i in range(len(df)) if said[i] != meant[i]]
    wrong = sorted(wrong, key=scores.__getitem__, reverse=True)
    return df.iloc[wrong[:n]].copy()
