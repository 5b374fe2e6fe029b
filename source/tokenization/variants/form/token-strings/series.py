# Form: a pandas Series.
import pandas as pd


def token_strings(tokenizer, text):
    return pd.Series(tokenizer(text).tokens())
