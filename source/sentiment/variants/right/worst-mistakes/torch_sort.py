# torch.sort with stable=True.
def worst_mistakes(df, n=5):
    wrong = df[(df["prediction"] - df["label"]).abs() > 0]
    order = torch.sort(torch.tensor(wrong["score"].tolist(), dtype=torch.float64), descending=True, stable=True).indices
    return wrong.iloc[order[:n].tolist()]
