"""Machine translation: Google, Tencent Cloud, or both in turn. A merchant's own service is asked by webhook instead."""
